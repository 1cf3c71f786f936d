// The phone's program: an enterprise's own appeals.
import { createApp } from 'vue'
import { createRouter, createWebHashHistory } from 'vue-router'
import { me } from '../api/identity'
import { keepForOffline } from './offline'
import Phone from './Phone.vue'
import Mine from './Mine.vue'

const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/phone', component: Mine },
    { path: '/phone/new', component: () => import('./NewAppeal.vue') },
    { path: '/phone/policies', component: () => import('./Policies.vue') },
    { path: '/phone/appeal/:no', component: () => import('./Track.vue'), props: true },
    { path: '/phone/sign-in', component: () => import('./SignIn.vue'), meta: { isOpen: true } },
    { path: '/:rest(.*)*', redirect: '/phone' },
  ],
})
// Who follows a link first signs in, and then is where it led.
router.beforeEach(
  (to) =>
    to.meta.isOpen === true ||
    me.value !== undefined || {
      path: '/phone/sign-in',
      query: to.path === '/phone' ? {} : { to: to.fullPath },
    },
)

export function start(): void {
  createApp(Phone).use(router).mount('#app')
  void keepForOffline()
}
