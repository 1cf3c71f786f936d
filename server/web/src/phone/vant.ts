// The styles of the few Vant components used, one by one: the library's own lists bring an icon font along, whose
// fallback lies on a server outside.
import 'vant/es/style/base.css'
import 'vant/es/button/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/nav-bar/index.css'
import 'vant/es/notice-bar/index.css'
import './phone.css'
