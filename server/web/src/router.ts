import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { me } from './api/identity'
import { momentIn } from './moment/moment'
import { home } from './places'

// Addresses after '#', so that any server that gives out files can serve deep links.
const routes: RouteRecordRaw[] = [
  { path: '/', redirect: () => (me.value ? home() : '/sign-in') },
  { path: '/overview', component: () => import('./pages/Overview.vue') },
  { path: '/ledger', component: () => import('./pages/Ledger.vue') },
  { path: '/dispatch', component: () => import('./pages/Dispatch.vue') },
  { path: '/department', component: () => import('./pages/Department.vue') },
  { path: '/appeal/:no', component: () => import('./pages/Case.vue'), props: true },
  { path: '/weekly', component: () => import('./pages/Weekly.vue') },
  { path: '/ratings', component: () => import('./pages/Ratings.vue') },
  { path: '/plan', component: () => import('./pages/Plan.vue') },
  { path: '/supervision', component: () => import('./pages/Supervision.vue') },
  { path: '/policies', component: () => import('./pages/Policies.vue') },
  { path: '/policy/:no', component: () => import('./pages/Policy.vue'), props: true },
  { path: '/coverage', component: () => import('./pages/Coverage.vue') },
  { path: '/inspector', component: () => import('./pages/Inspector.vue') },
  { path: '/sign-in', component: () => import('./pages/SignIn.vue'), meta: { isOpen: true } },
  { path: '/:rest(.*)*', component: () => import('./pages/Nowhere.vue') },
]

export const router = createRouter({ history: createWebHashHistory(), routes })

router.beforeEach((to, from) => {
  if (!to.meta.isOpen && !me.value) return { path: '/sign-in', query: { then: to.fullPath } }
  // The moment goes along from page to page; a link that names one of its own keeps it.
  const moment = momentIn(from.query)
  const keepsOwn = to.path === from.path || to.query.seq !== undefined || to.query.as_of !== undefined
  if (keepsOwn || to.meta.isOpen || from.meta.isOpen || Object.keys(moment).length === 0) return true
  return { ...to, query: { ...to.query, ...moment } }
})
